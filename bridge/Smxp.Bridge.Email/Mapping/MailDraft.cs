using MimeKit;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Threads;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>A mail as a message would say it (email mapping §1, §4, §5), before a recipient and a conversation are chosen.</summary>
internal sealed record MailDraft
{
    /// <summary>The author; null where From names none.</summary>
    public Address? From { get; init; }

    public string? Name { get; init; }

    public string? Subject { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long Timestamp { get; init; }

    /// <summary>Unix seconds; null where it does not expire, or has already.</summary>
    public long? Expires { get; init; }

    public required string ContentType { get; init; }

    public string? Body { get; init; }

    /// <summary>What the body was made from, in words; null where there is no body.</summary>
    public string? Source { get; init; }

    /// <summary>Whether a trailing quote was cut from the body.</summary>
    public bool QuoteCut { get; init; }

    public IReadOnlyList<DraftAttachment> Attachments { get; init; } = [];

    /// <summary>The Message-ID without brackets; null where the mail has none.</summary>
    public string? MessageId { get; init; }

    /// <summary>What stands in for a Message-ID where there is none: the header fields that do not change on the way.</summary>
    public required string Fingerprint { get; init; }

    public required ThreadReferences Thread { get; init; }

    /// <summary>Everybody in To and Cc.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>The Message-IDs of the mails it says it takes the place of.</summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];

    /// <summary>Whether nobody wrote it by hand, or it went to many.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>Whether it is an automatic answer: a report about a mail, or a notice of absence. It gets none itself.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>Whether its author wants to be told when it is read, and nobody else is to be.</summary>
    public bool AsksReceipt { get; init; }

    /// <summary>How many servers it passed.</summary>
    public int Hops { get; init; }
}

/// <summary>A part that becomes a blob.</summary>
/// <param name="Entity">The part.</param>
/// <param name="Name">Its file name, made safe.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Placeholder">What the body says in place of the blob's id, where the body shows it.</param>
internal sealed record DraftAttachment(MimeEntity Entity, string? Name, string ContentType, string? Placeholder = null)
{
    public string Disposition => Placeholder is null ? "attachment" : "inline";

    /// <summary>The part's bytes, decoded.</summary>
    public async Task<Stream> OpenAsync(MessageSpool mail, CancellationToken cancellationToken)
    {
        if (Entity is MimePart { Content: { } content }) return content.Open();
        var spool = mail.NewBeside();
        await using var writer = spool.OpenWrite();
        if (Entity is MessagePart { Message: { } message }) await message.WriteToAsync(writer, cancellationToken);
        else if (Entity is Multipart) await Entity.WriteToAsync(writer, cancellationToken);
        return new SpoolReader(spool);
    }
}
