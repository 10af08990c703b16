using System.Diagnostics.CodeAnalysis;
using Smxp.Mail.Smtp.Paths;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>Reads <c>FROM:&lt;path&gt; NAME=value …</c> (RFC 5321 §4.1.2). A blank before the path is forgiven, nothing else is.</summary>
internal static class EsmtpArguments
{
    public static bool TryParse(
        string text, string keyword, [NotNullWhen(true)] out MailPath? path, out IReadOnlyList<(string Name, string? Value)> parameters)
    {
        path = null;
        parameters = [];
        if (!text.StartsWith(keyword, StringComparison.OrdinalIgnoreCase)) return false;
        var rest = text.AsSpan(keyword.Length).TrimStart(' ');
        if (!PathParser.TryRead(ref rest, out path)) return false;
        if (rest.IsEmpty) return true;
        if (rest[0] != ' ') return false;
        parameters = [.. rest.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Split)];
        return true;
    }

    /// <summary>Whether a parameter stands there twice.</summary>
    public static bool HasRepeats(IReadOnlyList<(string Name, string? Value)> parameters) =>
        parameters.Select(static parameter => parameter.Name).Distinct(StringComparer.Ordinal).Count() < parameters.Count;

    private static (string Name, string? Value) Split(string parameter)
    {
        int equals = parameter.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (parameter.ToUpperInvariant(), null) : (parameter[..equals].ToUpperInvariant(), parameter[(equals + 1)..]);
    }
}
