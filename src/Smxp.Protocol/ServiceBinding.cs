using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Smxp.Protocol;

/// <summary>An SVCB record (RFC 9460), as found at <c>_smxp.&lt;domain&gt;</c> (SMXP §7).</summary>
public sealed record ServiceBinding
{
    /// <summary>The DNS type number of SVCB.</summary>
    public const ushort RecordType = 64;

    /// <summary>0 is AliasMode; otherwise lower is tried first.</summary>
    public required ushort Priority { get; init; }

    /// <summary>The target's name without a trailing dot; <c>.</c> for the owner name itself (or, in AliasMode, for "no service").</summary>
    public required string TargetName { get; init; }

    /// <summary>The protocols offered, e.g. <c>h2</c>, <c>h3</c>.</summary>
    public IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>Whether the default protocol is not offered beside <see cref="Alpn"/>.</summary>
    public bool NoDefaultAlpn { get; init; }

    /// <summary>The port; null for the default, 443.</summary>
    public ushort? Port { get; init; }

    /// <summary>Addresses to use without asking for A.</summary>
    public IReadOnlyList<IPAddress> Ipv4Hints { get; init; } = [];

    /// <summary>Addresses to use without asking for AAAA.</summary>
    public IReadOnlyList<IPAddress> Ipv6Hints { get; init; } = [];

    /// <summary>The SvcParamKeys that must be understood to use this record.</summary>
    public IReadOnlyList<ushort> Mandatory { get; init; } = [];

    /// <summary>The parameters we do not act on (<c>ech</c> and whatever is to come), by key.</summary>
    public IReadOnlyDictionary<ushort, byte[]> OtherParameters { get; init; } = new SortedDictionary<ushort, byte[]>();

    /// <summary>Whether every mandatory key is one we act on (alpn, no-default-alpn, port, the hints).</summary>
    // RFC 9460 §8: a client that does not know a mandatory key must not use the record.
    public bool IsUsable => Mandatory.All(ServiceParameters.IsActedOn);

    /// <summary>Where a domain's SMXP service stands.</summary>
    public static string NameFor(string domain) => $"_smxp.{domain}";

    /// <summary>Reads RDATA in wire form (RFC 9460 §2.2).</summary>
    public static bool TryParse(ReadOnlySpan<byte> rdata, [NotNullWhen(true)] out ServiceBinding? binding) =>
        ServiceBindingWire.TryRead(rdata, out binding);

    /// <summary>Reads presentation form (<c>1 gw.example.com. alpn=h2 port=7777</c>) or RFC 3597 generic form (<c>\# 20 00 01 …</c>).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ServiceBinding? binding) =>
        ServiceBindingText.TryRead(text, out binding);

    /// <summary>RDATA in wire form.</summary>
    /// <exception cref="FormatException">The target is no host name, or a parameter does not fit.</exception>
    public byte[] ToRdata() => ServiceBindingWire.Write(this);

    /// <summary>Presentation form.</summary>
    public override string ToString() => ServiceBindingText.Write(this);
}
