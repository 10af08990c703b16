using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Dns;
using Smxp.Mail.Authentication.Messages;

namespace Smxp.Mail.Authentication.Arc;

/// <summary>An ARC-Seal (RFC 8617 §4.1.3): a signature over the ARC fields alone.</summary>
internal sealed record ArcSeal(RawHeader Field, string Domain, string Selector, DkimAlgorithm Algorithm, byte[] Signature, string ChainValidation, string? Fault)
{
    public static ArcSeal Read(RawHeader field, TagList tags)
    {
        string algorithm = tags.Compact("a") ?? "";
        string domain = DomainName.TryNormalize(tags.Compact("d") ?? "", out string? name) ? name : "";
        string selector = tags.Compact("s") ?? "";
        byte[] signature = tags.Base64("b") ?? [];
        string? fault = domain.Length == 0 ? "d= is no domain"
            : !DomainName.IsAskable(selector) ? "s= is no selector"
            : algorithm is not ("rsa-sha256" or "ed25519-sha256") ? "a= is unknown"
            : signature.Length == 0 ? "b= is no base64"
            : tags["h"] is not null ? "it has h=" // RFC 8617 §4.1.3
            : null;
        return new ArcSeal(field, domain, selector, algorithm == "ed25519-sha256" ? DkimAlgorithm.Ed25519Sha256 : DkimAlgorithm.RsaSha256, signature, tags.Compact("cv")?.ToLowerInvariant() ?? "", fault);
    }
}
