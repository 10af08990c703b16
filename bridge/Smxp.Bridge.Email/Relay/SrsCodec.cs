using Smxp.Bridge.Email.ReturnPaths;

namespace Smxp.Bridge.Email.Relay;

/// <summary>
/// The Sender Rewriting Scheme: a relayed mail's return path becomes an address of ours, so that SPF fits at the next server, and the original sender is inside it, so that a bounce finds its
/// way. <c>SRS0=hash=day=domain=local</c>; an address that a forwarder before us rewrote becomes <c>SRS1=hash=forwarder=rest</c> and stays that short. Pure but for the secret: local parts in,
/// local parts out. Servers on the way may change the case of letters; hash and day do not mind.
/// </summary>
internal sealed class SrsCodec(LocalPartSeal seal)
{
    /// <summary>Where there is no domain in it: the local part is a name under which the sender is remembered.</summary>
    public const string Remembered = "~";

    private const string Separators = "=+-";

    /// <summary>Whether a local part looks like a rewritten one, of whomever.</summary>
    public static bool IsRewritten(string local) => StartsWith(local, "SRS0") || StartsWith(local, "SRS1");

    /// <summary>The local part, at a domain of ours, that stands for a sender.</summary>
    /// <param name="local">The sender's local part.</param>
    /// <param name="domain">His domain, or <see cref="Remembered"/>.</param>
    /// <param name="now">The time.</param>
    public string Forward(string local, string domain, DateTimeOffset now)
    {
        if (StartsWith(local, "SRS0")) return Second(domain, local[4..]);
        if (StartsWith(local, "SRS1") && local[5..].Split('=', 3) is [_, { Length: > 0 } forwarder, { Length: > 0 } rest]) return Second(forwarder, rest);
        string day = LocalPartSeal.Day(now);
        return $"SRS0={seal.Hash($"{day}={domain}={local}")}={day}={domain}={local}";
    }

    /// <summary>The sender that a local part of ours stands for; null where it is forged, spoilt or too old.</summary>
    public (string Local, string Domain)? Reverse(string local, DateTimeOffset now)
    {
        if (StartsWith(local, "SRS0") && local[5..].Split('=', 4) is [var hash, var day, { Length: > 0 } domain, { Length: > 0 } original])
            return seal.Fits(hash, $"{day}={domain}={original}") && LocalPartSeal.FreshDay(day, now) is not null ? (original, domain) : null;
        if (StartsWith(local, "SRS1") && local[5..].Split('=', 3) is [var hash1, { Length: > 0 } forwarder, { Length: > 0 } rest])
            return seal.Fits(hash1, $"{forwarder}={rest}") ? ($"SRS0{rest}", forwarder) : null;
        return null;
    }

    // Its age is for the first forwarder to judge, to whom a bounce goes.
    private string Second(string forwarder, string rest) => $"SRS1={seal.Hash($"{forwarder}={rest}")}={forwarder}={rest}";

    private static bool StartsWith(string local, string prefix) => local.Length > 5 && local.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && Separators.Contains(local[4], StringComparison.Ordinal);
}
