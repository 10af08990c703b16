using System.Globalization;

namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>What a server offers, as its answer to EHLO says (RFC 5321 §4.1.1.1).</summary>
internal sealed record ServerExtensions
{
    /// <summary>A server that knows only HELO.</summary>
    public static ServerExtensions None { get; } = new();

    public bool Pipelining { get; private init; }

    public bool StartTls { get; private init; }

    public bool EightBitMime { get; private init; }

    public bool Utf8 { get; private init; }

    public bool Notifications { get; private init; }

    public bool RequireTls { get; private init; }

    /// <summary>Whether it wants to know sizes.</summary>
    public bool Size { get; private init; }

    /// <summary>The largest mail it takes; null where it does not say (RFC 1870 §4: 0 says nothing).</summary>
    public long? MaxSize { get; private init; }

    /// <summary>The ways to sign in.</summary>
    public IReadOnlyList<string> Mechanisms { get; private init; } = [];

    /// <summary>Reads the reply's lines; the first is the greeting.</summary>
    public static ServerExtensions Parse(IEnumerable<string> lines) => lines.Skip(1).Aggregate(None, static (known, line) => known.With(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private ServerExtensions With(string[] words) => words is [] ? this : words[0].ToUpperInvariant() switch
    {
        "PIPELINING" => this with { Pipelining = true },
        "STARTTLS" => this with { StartTls = true },
        "8BITMIME" => this with { EightBitMime = true },
        "SMTPUTF8" => this with { Utf8 = true },
        "DSN" => this with { Notifications = true },
        "REQUIRETLS" => this with { RequireTls = true },
        "SIZE" => this with { Size = true, MaxSize = words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0 ? size : null },
        "AUTH" => this with { Mechanisms = [.. words.Skip(1).Select(static word => word.ToUpperInvariant())] },
        _ => this,
    };
}
