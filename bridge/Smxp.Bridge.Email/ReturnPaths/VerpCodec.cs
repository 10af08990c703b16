namespace Smxp.Bridge.Email.ReturnPaths;

/// <summary>
/// Local parts of return paths that are one mail's alone (variable envelope return paths): <c>bounce=hash=day=name</c>, the name standing for message and recipient. Pure but for the secret.
/// Servers on the way may change the case of letters.
/// </summary>
internal sealed class VerpCodec(LocalPartSeal seal)
{
    /// <summary>How long a name is, in hex digits.</summary>
    public const int NameLength = 20;

    private const string Tag = "bounce";

    /// <summary>Whether a local part looks like one of these.</summary>
    public static bool IsReturnPath(string local) =>
        local.Split('=') is [var tag, { Length: LocalPartSeal.HashLength }, { Length: 2 }, { Length: NameLength } name]
        && tag.Equals(Tag, StringComparison.OrdinalIgnoreCase) && name.All(char.IsAsciiHexDigit);

    /// <summary>The local part, at this domain, for a name.</summary>
    public string Write(string name, string domain, DateTimeOffset now)
    {
        string day = LocalPartSeal.Day(now);
        return $"{Tag}={seal.Hash(Text(name, domain, day))}={day}={name}";
    }

    /// <summary>The name, and the day it was given out (<see cref="LocalPartSeal.Number"/>); null where the local part is forged, spoilt, another domain's or too old.</summary>
    public (string Name, int Day)? Read(string local, string domain, DateTimeOffset now)
    {
        if (!IsReturnPath(local) || local.ToLowerInvariant().Split('=') is not [_, var hash, var day, var name]) return null;
        return seal.Fits(hash, Text(name, domain, day)) && LocalPartSeal.FreshDay(day, now) is { } number ? (name, number) : null;
    }

    // No path of SMTP has a line end in it: so nothing that is sealed for another purpose (SRS) reads as one of these.
    private static string Text(string name, string domain, string day) => $"verp\n{day}\n{domain}\n{name}";
}
