using Smxp.Host.Auth;
using Smxp.Host.Delegations;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Routing;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Api;

/// <summary>Whose mailbox a request works on, and the delegate who works on it where that is not its owner.</summary>
internal sealed record Actor(Address Mailbox, Address? Delegate)
{
    /// <summary>Binds from what <see cref="ActorFilter"/> left in the request (minimal API convention).</summary>
    public static ValueTask<Actor?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Actor>());
}

/// <summary>
/// Reads <c>?on_behalf_of=</c> (SMXP §8). For an owner served here the delegation is looked up on every request; for one served elsewhere the whole request is passed to the owner's server, whose say it is.
/// </summary>
internal static class ActorFilter
{
    /// <summary>Lets delegates with this scope, or <c>manage</c>, use the endpoints. To be called before <c>RequireCaller</c>, which must run first and so is wrapped around it.</summary>
    public static RouteGroupBuilder ActFor(this RouteGroupBuilder group, string scope)
    {
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            RequestDelegate next = endpoint.RequestDelegate ?? throw new InvalidOperationException("An endpoint without a handler has no actor.");
            endpoint.RequestDelegate = context => InvokeAsync(context, next, scope);
        });
        return group;
    }

    private static Task InvokeAsync(HttpContext context, RequestDelegate next, string scope)
    {
        Caller caller = context.Features.Get<Caller>() ?? throw new InvalidOperationException("An actor needs a caller.");
        if (context.Request.Query.TryGetValue("on_behalf_of", out var owner) && owner.ToString() is { Length: > 0 } text) return ActForAsync(context, next, scope, caller, text);
        context.Features.Set(new Actor(caller.Address, caller.Delegate));
        return next(context);
    }

    private static async Task ActForAsync(HttpContext context, RequestDelegate next, string scope, Caller caller, string text)
    {
        IServiceProvider services = context.RequestServices;
        if (!Address.TryParse(text, out Address? owner))
        {
            await Rejection.Malformed("on_behalf_of is not an address").ExecuteAsync(context);
        }
        else if (!await services.GetRequiredService<LocalDirectory>().IsLocalAsync(owner.Domain, context.RequestAborted))
        {
            IResult answer = await services.GetRequiredService<IRemoteMailbox>().CallAsync(owner, caller.Address, context.Request, context.RequestAborted);
            await answer.ExecuteAsync(context);
        }
        else if (!await services.GetRequiredService<DelegationPolicy>().AllowsAsync(owner, caller.Address, scope, context.RequestAborted))
        {
            await Rejection.Forbidden($"no delegation to {scope} for {owner}").ExecuteAsync(context);
        }
        else
        {
            context.Features.Set(new Actor(owner, owner == caller.Address ? null : caller.Address));
            await next(context);
        }
    }
}
