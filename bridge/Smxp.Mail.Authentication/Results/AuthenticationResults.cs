using System.Diagnostics.CodeAnalysis;

namespace Smxp.Mail.Authentication.Results;

/// <summary>The Authentication-Results field (RFC 8601): what one server found, told to those behind it who trust its name.</summary>
/// <param name="AuthservId">Who found it.</param>
/// <param name="Results">What; empty for <c>none</c>.</param>
public sealed record AuthenticationResults(string AuthservId, IReadOnlyList<MethodResult> Results)
{
    /// <summary>The field's name.</summary>
    public const string HeaderName = "Authentication-Results";

    /// <summary>Reads a field's value; false where it does not follow the grammar.</summary>
    public static bool TryParse(string value, [NotNullWhen(true)] out AuthenticationResults? results) => ResultsParser.TryParse(value, out results);

    /// <summary>Whether a field that came with a message claims to be ours and must go (RFC 8601 §5): it has our name in front,
    /// or its name cannot be read and ours stands somewhere in it, so that nobody behind us reads it more kindly.</summary>
    public static bool Claims(string value, string authservId) => ResultsParser.TryAuthservId(value, out string? id)
        ? id.TrimEnd('.').Equals(authservId.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)
        : value.Contains(authservId, StringComparison.OrdinalIgnoreCase);

    /// <summary>The field's value, folded, without a line end; safe whatever strangers' values it holds.</summary>
    public override string ToString() => ResultsWriter.Write(this);
}
