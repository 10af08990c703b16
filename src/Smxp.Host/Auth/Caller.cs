using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Auth;

/// <summary>Who makes a request: the owner of its bearer token. Handlers take it as a parameter; a request without a valid token never reaches them.</summary>
internal sealed record Caller(Address Address, TokenRecord Token)
{
    /// <summary>Who acts as the owner from another server, by delegate-call; null for everybody else.</summary>
    public Address? Delegate { get; init; }

    /// <summary>Binds from what the authentication filter left in the request (minimal API convention).</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());
}
