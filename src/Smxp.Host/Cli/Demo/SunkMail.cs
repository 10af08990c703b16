namespace Smxp.Host.Cli.Demo;

/// <summary>A mail that reached the outside world.</summary>
/// <param name="Recipients">Whom the envelope named.</param>
/// <param name="Text">The mail as it came, one character per byte.</param>
internal sealed record SunkMail(IReadOnlyList<string> Recipients, string Text)
{
    /// <summary>A header field's value, unfolded (RFC 5322 §2.2.3); null where there is none.</summary>
    public string? Header(string name)
    {
        string head = Text.Split("\r\n\r\n", 2)[0].Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        string? field = head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        return field?[(name.Length + 1)..].Trim();
    }
}
