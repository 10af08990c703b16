using System.Text.Json;
using System.Text.Json.Nodes;

namespace Smxp.Plugins.Bridge;

/// <summary>What a bridge answers to a call.</summary>
/// <param name="Kind">The outcome.</param>
/// <param name="Body">The answer, for <see cref="BridgeAnswerKind.Found"/>.</param>
/// <param name="Error">Why not, in words for the caller, otherwise.</param>
public sealed record BridgeAnswer(BridgeAnswerKind Kind, JsonNode? Body = null, string? Error = null)
{
    /// <summary>It was found, or done.</summary>
    /// <param name="value">A <see cref="JsonNode"/> as it is; anything else is written snake_case, nulls left out.</param>
    public static BridgeAnswer Found(object value) => new(BridgeAnswerKind.Found, value as JsonNode ?? JsonSerializer.SerializeToNode(value, BridgeJson.Options));

    /// <summary>There is no such thing.</summary>
    public static BridgeAnswer NotFound(string error = "not found") => new(BridgeAnswerKind.NotFound, Error: error);

    /// <summary>The call makes no sense.</summary>
    public static BridgeAnswer Invalid(string error) => new(BridgeAnswerKind.Invalid, Error: error);

    /// <summary>It makes sense, but not in the state things are in.</summary>
    public static BridgeAnswer Conflict(string error) => new(BridgeAnswerKind.Conflict, Error: error);
}

/// <summary>The outcome of a call.</summary>
public enum BridgeAnswerKind
{
    /// <summary>Found, or done.</summary>
    Found,

    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>The call makes no sense, whatever the state.</summary>
    Invalid,

    /// <summary>Not in the state things are in.</summary>
    Conflict,
}
