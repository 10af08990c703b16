namespace Smxp.Bridge.Email.Notifications;

/// <summary>What a delivery status notification tells its reader (RFC 3464).</summary>
internal sealed record DsnReport
{
    /// <summary>The notification's own Message-ID, without brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>To whom: the return path of the mail it speaks of.</summary>
    public required string To { get; init; }

    /// <summary>What happened.</summary>
    public required DsnAction Action { get; init; }

    /// <summary>The server that speaks.</summary>
    public required string ReportingServer { get; init; }

    /// <summary>The recipient it speaks of.</summary>
    public required string Recipient { get; init; }

    /// <summary>The address the sender had written (ORCPT); null where it is not known.</summary>
    public string? OriginalRecipient { get; init; }

    /// <summary>The sender's name for the mail (ENVID); null where it has none.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>The status code (RFC 3463), e.g. <c>5.1.1</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What the other server said, or what was wrong, in words; null where nothing was.</summary>
    public string? Words { get; init; }

    /// <summary>Whether <see cref="Words"/> are another server's reply.</summary>
    public bool IsReply { get; init; }

    /// <summary>When the mail arrived here.</summary>
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>When this is written.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>For <see cref="DsnAction.Delayed"/>: until when it will be tried; null where that is not known.</summary>
    public DateTimeOffset? TriedUntil { get; init; }

    /// <summary>The mail's header, or all of it; empty where it is no longer to be had.</summary>
    public ReadOnlyMemory<byte> Returned { get; init; }

    /// <summary>Whether <see cref="Returned"/> is the whole mail.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>What happened to a mail (RFC 3464 §2.3.3).</summary>
internal enum DsnAction
{
    /// <summary>It cannot be delivered.</summary>
    Failed,

    /// <summary>It could not be delivered yet.</summary>
    Delayed,

    /// <summary>It went on to a server that does not notify.</summary>
    Relayed,

    /// <summary>It is in the recipient's mailbox.</summary>
    Delivered,
}
