using Smxp.Mail.Authentication.Dns;
using Smxp.Mail.Authentication.Messages;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>A signature over header fields and body, as DKIM-Signature and ARC-Message-Signature carry it. Pure: reads and checks the tags, knows no keys.</summary>
internal sealed record DkimSignature(RawHeader Field, string Domain, string Selector, string Identity, string AlgorithmName, string SignatureStart)
{
    public DkimAlgorithm Algorithm { get; private init; }

    public Canonicalization HeaderForm { get; private init; }

    public Canonicalization BodyForm { get; private init; }

    public string[] SignedNames { get; private init; } = [];

    public byte[] BodyDigest { get; private init; } = [];

    public byte[] Signature { get; private init; } = [];

    public long? BodyLimit { get; private init; }

    /// <summary>Why it can never verify; null where it may.</summary>
    public string? Fault { get; private init; }

    /// <summary>Reads a DKIM-Signature (RFC 6376 §3.5, §6.1.1).</summary>
    public static DkimSignature ReadDkim(RawHeader field, DateTimeOffset now)
    {
        if (!TagList.TryParse(field.Value, out var tags)) return Malformed(field);
        string identity = tags.Compact("i") ?? $"@{tags.Compact("d")}";
        string? fault = tags["v"] != "1" ? "v= is not 1" : null;
        return Read(field, tags, identity, fault, now);
    }

    /// <summary>Reads an ARC-Message-Signature (RFC 8617 §4.1.2): i= is the instance, and there is no v=.</summary>
    public static DkimSignature ReadArc(RawHeader field, TagList tags, DateTimeOffset now) => Read(field, tags, $"@{tags.Compact("d")}", null, now);

    private static DkimSignature Read(RawHeader field, TagList tags, string identity, string? fault, DateTimeOffset now)
    {
        string algorithm = tags.Compact("a") ?? "";
        string domain = DomainName.TryNormalize(tags.Compact("d") ?? "", out string? name) ? name : "";
        string selector = tags.Compact("s") ?? "";
        string signature = tags.Compact("b") ?? "";
        string[] names = tags.List("h") ?? [];
        byte[]? digest = tags.Base64("bh"), bytes = tags.Base64("b");
        bool forms = TryForms(tags.Compact("c"), out var header, out var body);

        fault ??= domain.Length == 0 ? "d= is no domain"
            : selector.Length == 0 || !DomainName.IsAskable(selector) ? "s= is no selector"
            : algorithm == "rsa-sha1" ? "rsa-sha1 is no longer accepted" // RFC 8301 §3.1
            : algorithm is not ("rsa-sha256" or "ed25519-sha256") ? "a= is unknown"
            : bytes is null or { Length: 0 } ? "b= is no base64"
            : digest is not { Length: 32 } ? "bh= is no SHA-256 digest"
            : !forms ? "c= is unknown"
            : !names.Contains("from", StringComparer.OrdinalIgnoreCase) ? "h= leaves out From" // RFC 6376 §5.4
            : !IsIdentityOf(identity, domain) ? "i= lies outside d="
            : tags.List("q") is { } queries && !queries.Contains("dns/txt", StringComparer.OrdinalIgnoreCase) ? "q= is unknown"
            : null;
        bool numbers = tags.TryNumber("l", out long? limit) & tags.TryNumber("t", out long? signed) & tags.TryNumber("x", out long? expires);
        fault ??= !numbers ? "l=, t= or x= is no number" : expires < signed ? "x= is before t=" : expires < now.ToUnixTimeSeconds() ? "the signature has expired" : null;

        return new DkimSignature(field, domain, selector, identity, algorithm, signature[..Math.Min(8, signature.Length)])
        {
            Algorithm = algorithm == "ed25519-sha256" ? DkimAlgorithm.Ed25519Sha256 : DkimAlgorithm.RsaSha256,
            HeaderForm = header,
            BodyForm = body,
            SignedNames = names,
            BodyDigest = digest ?? [],
            Signature = bytes ?? [],
            BodyLimit = limit,
            Fault = fault,
        };
    }

    private static DkimSignature Malformed(RawHeader field) => new(field, "", "", "", "", "") { Fault = "the tags cannot be read" };

    // RFC 6376 §3.5 "c=": header/body; simple where it does not say.
    private static bool TryForms(string? text, out Canonicalization header, out Canonicalization body)
    {
        string[] forms = (text ?? "simple").Split('/');
        body = Canonicalization.Simple;
        return TryForm(forms[0], out header) && forms.Length <= 2 && (forms.Length == 1 || TryForm(forms[1], out body));
    }

    private static bool TryForm(string text, out Canonicalization form)
    {
        form = text.Equals("relaxed", StringComparison.OrdinalIgnoreCase) ? Canonicalization.Relaxed : Canonicalization.Simple;
        return form == Canonicalization.Relaxed || text.Equals("simple", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsIdentityOf(string identity, string domain) =>
        identity.LastIndexOf('@') is >= 0 and var at && DomainName.TryNormalize(identity[(at + 1)..], out string? name) && DomainName.IsWithin(name, domain);

    /// <summary>What the signature is over: the fields it names, then itself without b= (RFC 6376 §3.7).</summary>
    public byte[] SignedBytes(IReadOnlyList<RawHeader> headers)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        HeaderCanonicalization.WriteSigned(text, headers, SignedNames, HeaderForm);
        HeaderCanonicalization.Write(text, HeaderCanonicalization.WithoutSignature(Field.Bytes.Span), HeaderForm);
        return text.WrittenSpan.ToArray();
    }
}
