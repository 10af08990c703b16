using System.Text.Json;
using Smxp.Bridge.Email.Outbound;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Relay;

/// <summary>
/// A mail on its way through here, for one recipient: the envelope as JSON, and the mail as it came, compressed, where it is small; a large one is in an encrypted blob. It is what the
/// outbox keeps for <see cref="RelayTransport"/>.
/// </summary>
/// <param name="Slip">The envelope.</param>
/// <param name="Mail">The mail, compressed; null where it is in <see cref="RelaySlip.Blob"/>.</param>
internal sealed record RelayTicket(RelaySlip Slip, byte[]? Mail)
{
    private const byte Version = 1;

    public byte[] Write()
    {
        byte[] slip = JsonSerializer.SerializeToUtf8Bytes(Slip);
        var stream = new MemoryStream(slip.Length + (Mail?.Length ?? 0) + 16);
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write7BitEncodedInt(slip.Length);
        writer.Write(slip);
        if (Mail is not null) writer.Write(Mail);
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">It was written by another version, or is none.</exception>
    public static RelayTicket Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            byte[] bytes = content.ToArray();
            using var reader = new BinaryReader(new MemoryStream(bytes));
            if (reader.ReadByte() is var version && version != Version) throw new InvalidDataException($"A relayed mail has version {version}; this server knows {Version}.");
            byte[] json = reader.ReadBytes(reader.Read7BitEncodedInt());
            var slip = JsonSerializer.Deserialize<RelaySlip>(json) ?? throw new InvalidDataException("A relayed mail has no envelope.");
            return new RelayTicket(slip, slip.Blob is null ? bytes[(int)reader.BaseStream.Position..] : null);
        }
        catch (Exception broken) when (broken is JsonException or EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("A relayed mail cannot be read back.", broken);
        }
    }
}

/// <summary>The envelope of a relayed mail. Paths are as on the wire, without brackets.</summary>
internal sealed record RelaySlip
{
    /// <summary>Its name, in the queue and in records.</summary>
    public required string Id { get; init; }

    /// <summary>Who is told what becomes of it; empty for nobody (a null return path).</summary>
    public required string Sender { get; init; }

    /// <summary>The return path it leaves with.</summary>
    public required string ReturnPath { get; init; }

    /// <summary>To whom.</summary>
    public required string Recipient { get; init; }

    /// <summary>Its Message-ID, without brackets; null where that is not known.</summary>
    public string? MessageId { get; init; }

    /// <summary>The Received line of this server, put on top.</summary>
    public string Trace { get; init; } = "";

    /// <summary>The mail's size, without that line.</summary>
    public required long Size { get; init; }

    /// <summary>What the next server must be able to do.</summary>
    public MailNeeds Needs { get; init; }

    /// <summary>When it arrived, Unix seconds.</summary>
    public required long ArrivedAt { get; init; }

    /// <summary>Whether the recipient has it here already: then nobody is told what becomes of this one.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Whether it is a notification written here, and so is signed here.</summary>
    public bool IsNotification { get; init; }

    /// <summary>Whether it is an automatic answer itself, and so is answered by none.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>What the sender asked to be told.</summary>
    public NotificationWishes Wishes { get; init; } = NotificationWishes.None;

    /// <summary>Where the mail is, compressed, when it is large.</summary>
    public Attachment? Blob { get; init; }

    /// <summary>The address in whose name the blob is kept.</summary>
    public string? BlobOwner { get; init; }
}
