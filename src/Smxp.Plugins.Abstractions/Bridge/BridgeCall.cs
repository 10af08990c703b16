using System.Text.Json;
using Smxp.Protocol;

namespace Smxp.Plugins.Bridge;

/// <summary>A call of a bridge's API.</summary>
/// <param name="Method"><c>GET</c>, <c>POST</c>, <c>PUT</c>, <c>PATCH</c> or <c>DELETE</c>.</param>
/// <param name="Path">What follows the bridge's name, decoded, without slashes at its ends; may be empty. Strangers may write anything here.</param>
/// <param name="Query">The query's members; of one that is there several times, the last.</param>
/// <param name="Body">The JSON body; null where there is none.</param>
/// <param name="Mailbox">Whose mailbox the call is about, and nobody else's; null for the administrator.</param>
public sealed record BridgeCall(string Method, string Path, IReadOnlyDictionary<string, string> Query, JsonElement? Body, Address? Mailbox)
{
    /// <summary>Whether the administrator calls.</summary>
    public bool IsAdmin => Mailbox is null;

    /// <summary>The path's segments; none for an empty path.</summary>
    public IReadOnlyList<string> Segments => Path.Length == 0 ? [] : Path.Split('/');

    /// <summary>The body as a record, its members snake_case.</summary>
    /// <exception cref="JsonException">There is no body, or it is not of that form. Need not be caught: the host answers it.</exception>
    public T Read<T>()
        where T : class =>
        Body?.Deserialize<T>(BridgeJson.Options) ?? throw new JsonException("A body is required.");
}
