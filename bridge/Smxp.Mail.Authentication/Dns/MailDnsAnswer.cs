namespace Smxp.Mail.Authentication.Dns;

/// <summary>How a look-up ended.</summary>
public enum MailDnsStatus
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name exists, without this type.</summary>
    NoData,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NoName,

    /// <summary>Nobody could say: time-out, SERVFAIL, a malformed answer.</summary>
    TemporaryFailure,
}

/// <summary>An answer.</summary>
/// <param name="Status">How the look-up ended.</param>
/// <param name="Records">The records; empty unless found.</param>
public readonly record struct MailDnsAnswer<T>(MailDnsStatus Status, IReadOnlyList<T> Records)
{
    /// <summary>Whether it answers a question without a record: what RFC 7208 §4.6.4 calls a void look-up.</summary>
    internal bool IsVoid => Status is MailDnsStatus.NoData or MailDnsStatus.NoName || (Status == MailDnsStatus.Found && Records.Count == 0);

    internal bool Failed => Status == MailDnsStatus.TemporaryFailure;
}

/// <summary>Makes answers.</summary>
public static class MailDnsAnswer
{
    /// <summary>An answer with records.</summary>
    public static MailDnsAnswer<T> Found<T>(IReadOnlyList<T> records) => new(MailDnsStatus.Found, records);

    /// <summary>An answer without.</summary>
    public static MailDnsAnswer<T> Empty<T>(MailDnsStatus status) => new(status, []);
}
