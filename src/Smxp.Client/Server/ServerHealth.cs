namespace Smxp.Client.Server;

/// <summary>A server's answer to how it is.</summary>
/// <param name="Status"><c>ok</c>.</param>
/// <param name="Domains">The domains it serves.</param>
/// <param name="Port">Its public port.</param>
public sealed record ServerHealth(string Status, IReadOnlyList<string> Domains, int Port);
