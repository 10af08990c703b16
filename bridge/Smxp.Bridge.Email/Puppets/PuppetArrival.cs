using System.Text.Json;
using Smxp.Bridge.Email.Relay;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>What a notification needs to know of a mail that went on to SMXP, should it fail there.</summary>
internal sealed record PuppetArrival
{
    /// <summary>The return path, as on the wire, without brackets; empty for the null path.</summary>
    public required string Sender { get; init; }

    /// <summary>The puppet it came for.</summary>
    public required string Recipient { get; init; }

    /// <summary>When it came, Unix seconds.</summary>
    public required long ArrivedAt { get; init; }

    /// <summary>What its sender asked to be told.</summary>
    public NotificationWishes Wishes { get; init; } = NotificationWishes.None;

    /// <summary>Whether it is an automatic answer itself.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>The mail's header, as far as it is short.</summary>
    public byte[] Header { get; init; } = [];

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static PuppetArrival Read(byte[] value) => JsonSerializer.Deserialize<PuppetArrival>(value) ?? throw new InvalidDataException("A mail to a puppet has no record.");
}
