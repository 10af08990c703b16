namespace Smxp.Mail.Smtp.Notifications;

/// <summary>What a sender wants to be told of (RFC 3461 §4.1).</summary>
[Flags]
public enum NotifyOn
{
    /// <summary>Nothing, whatever happens.</summary>
    Never = 0,

    /// <summary>The mail was delivered.</summary>
    Success = 1,

    /// <summary>The mail cannot be delivered.</summary>
    Failure = 2,

    /// <summary>The mail is late.</summary>
    Delay = 4,
}

/// <summary>How much of a mail a failure notice gives back (RFC 3461 §4.3).</summary>
public enum ReturnContent
{
    /// <summary>All of it.</summary>
    Full,

    /// <summary>The header.</summary>
    Headers,
}

/// <summary>The address a mail was first sent to (RFC 3461 §4.2).</summary>
/// <param name="Type">The kind of address, such as <c>rfc822</c> or <c>utf-8</c>.</param>
/// <param name="Address">The address, decoded.</param>
public sealed record OriginalRecipient(string Type, string Address);
