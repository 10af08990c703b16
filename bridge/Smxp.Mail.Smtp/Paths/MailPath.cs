namespace Smxp.Mail.Smtp.Paths;

/// <summary>A path of MAIL or RCPT (RFC 5321 §4.1.2), source routes left out, quotes taken off.</summary>
/// <param name="Local">The local part, as meant: <c>"a b"@x</c> has <c>a b</c>.</param>
/// <param name="Domain">The domain as written, or an address literal in brackets; empty for the null path and for a bare <c>postmaster</c>.</param>
public sealed record MailPath(string Local, string Domain)
{
    /// <summary>The null return path, <c>&lt;&gt;</c>.</summary>
    public static MailPath Null { get; } = new("", "");

    /// <summary>Whether it is <c>&lt;&gt;</c>.</summary>
    public bool IsNull => Local.Length == 0 && Domain.Length == 0;

    /// <summary>Whether it is the <c>postmaster</c> without a domain that every server must know (RFC 5321 §4.5.1).</summary>
    public bool IsPostmaster => Domain.Length == 0 && Local.Equals("postmaster", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the domain is an address literal, <c>[192.0.2.1]</c>.</summary>
    public bool IsLiteral => Domain.StartsWith('[');

    /// <summary>Whether it needs SMTPUTF8.</summary>
    internal bool IsInternational => !System.Text.Ascii.IsValid(Local) || !System.Text.Ascii.IsValid(Domain);

    /// <summary>The path as written on the wire, brackets included.</summary>
    public override string ToString()
    {
        if (IsNull) return "<>";
        string local = PathParser.IsDotString(Local) ? Local : $"\"{Local.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        return Domain.Length == 0 ? $"<{local}>" : $"<{local}@{Domain}>";
    }
}
