using System.Security.Cryptography.X509Certificates;
using Smxp.Client;
using Smxp.Client.Admin;

namespace Smxp.Host.Doctor;

/// <summary>The domain that is looked at, what its server says should be there, and the means to look.</summary>
internal sealed record Patient
{
    public required string Domain { get; init; }

    /// <summary>The records of SMXP, as the server wants them.</summary>
    public required DomainDns Records { get; init; }

    /// <summary>The records of other worlds, as the bridges want them; empty where no bridge wants any.</summary>
    public IReadOnlyList<WantedRecord> Wanted { get; init; } = [];

    public required Names Names { get; init; }

    /// <summary>The server, by the address the operator reaches it at.</summary>
    public required SmxpClient Server { get; init; }

    /// <summary>The authorities to trust in place of the system's; null for those.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where mail servers listen; another port is for tests.</summary>
    public int SmtpPort { get; init; } = 25;

    /// <summary>The records wanted for a purpose.</summary>
    public IReadOnlyList<WantedRecord> For(string purpose) => [.. Wanted.Where(record => record.Purpose == purpose)];

    /// <summary>Where this server should take mail.</summary>
    public IReadOnlyList<string> Exchangers => [.. For("mx").Select(static record => record.Value.Split(' ')[^1].TrimEnd('.'))];
}

/// <summary>A record that a bridge wants (<c>GET dns/{domain}</c>).</summary>
internal sealed record WantedRecord(string Name, string Type, string Value, string Purpose)
{
    /// <summary>As a zone file has it.</summary>
    public string ToZone() => Zone.Line(Name, Type, Value);
}
