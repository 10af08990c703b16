namespace Smxp.Plugins.Dns;

/// <summary>Answers DNS questions. Several stand in a row; each may leave a question to the next.</summary>
public interface IDnsResolver
{
    /// <summary>Asks. Null leaves the question to the next resolver; a failure to find out is <see cref="DnsStatus.Failed"/>, not an exception. Called from several threads.</summary>
    ValueTask<DnsAnswer?> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken);
}

/// <summary>A question.</summary>
/// <param name="Name">The name, A-labels, without a trailing dot.</param>
/// <param name="Type">The record type.</param>
public sealed record DnsQuestion(string Name, DnsRecordType Type);

/// <summary>The record types in use, by their numbers.</summary>
public enum DnsRecordType
{
    /// <summary>IPv4 address.</summary>
    A = 1,

    /// <summary>Alias.</summary>
    Cname = 5,

    /// <summary>Name of an address.</summary>
    Ptr = 12,

    /// <summary>Mail exchanger.</summary>
    Mx = 15,

    /// <summary>Text.</summary>
    Txt = 16,

    /// <summary>IPv6 address.</summary>
    Aaaa = 28,

    /// <summary>DANE certificate association.</summary>
    Tlsa = 52,

    /// <summary>Service binding (RFC 9460).</summary>
    Svcb = 64,
}

/// <summary>How a question ended.</summary>
public enum DnsStatus
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name exists, but not with this type.</summary>
    NoData,

    /// <summary>The name does not exist.</summary>
    NoName,

    /// <summary>Nobody could say: time-out, SERVFAIL, a malformed answer. Try again later.</summary>
    Failed,
}
