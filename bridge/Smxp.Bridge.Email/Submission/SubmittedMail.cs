using System.Text.Json;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Relay;

namespace Smxp.Bridge.Email.Submission;

/// <summary>How a mail that somebody handed in leaves for one recipient: its SMTP envelope. The mail itself is the message's original.</summary>
internal sealed record SubmittedMail
{
    /// <summary>Where bounces go, as on the wire, without brackets; empty for the null path.</summary>
    public required string ReturnPath { get; init; }

    /// <summary>To whom, as the mail program wrote it.</summary>
    public required string Recipient { get; init; }

    /// <summary>What the next server must be able to do.</summary>
    public MailNeeds Needs { get; init; }

    /// <summary>What the sender asked to be told.</summary>
    public NotificationWishes Wishes { get; init; } = NotificationWishes.None;

    /// <summary>Whether it is an automatic answer itself, and so is answered by none.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>When it was handed in, Unix seconds.</summary>
    public required long ArrivedAt { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <exception cref="InvalidDataException">It cannot be read back.</exception>
    public static SubmittedMail Read(byte[] value)
    {
        try
        {
            return JsonSerializer.Deserialize<SubmittedMail>(value) ?? throw new InvalidDataException("A submitted mail's record is empty.");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException("A submitted mail's record cannot be read back.", broken);
        }
    }
}
