namespace Smxp.Mail.Authentication.Results;

/// <summary>One method's outcome in Authentication-Results (RFC 8601 §2.2).</summary>
/// <param name="Method">The method, <c>spf</c>.</param>
/// <param name="Result">Its result, <c>pass</c>.</param>
/// <param name="Reason">Why, in words; null where it does not say.</param>
/// <param name="Properties">What was evaluated.</param>
public sealed record MethodResult(string Method, string Result, string? Reason, IReadOnlyList<ResultProperty> Properties)
{
    /// <summary>The value of a property such as <c>header.from</c>; null where there is none.</summary>
    public string? this[string property] => Properties.FirstOrDefault(candidate => property.Equals($"{candidate.Type}.{candidate.Name}", StringComparison.OrdinalIgnoreCase))?.Value;
}

/// <summary>A property, <c>smtp.mailfrom=alice@example.test</c>.</summary>
/// <param name="Type">Where it comes from: <c>smtp</c>, <c>header</c>, <c>policy</c>.</param>
/// <param name="Name">Which it is.</param>
/// <param name="Value">Its value, quotes taken off.</param>
public sealed record ResultProperty(string Type, string Name, string Value);
