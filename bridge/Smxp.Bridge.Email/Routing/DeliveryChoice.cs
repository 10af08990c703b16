namespace Smxp.Bridge.Email.Routing;

/// <summary>What the operator chose for an address of a hybrid domain.</summary>
/// <param name="To">Where its mail goes.</param>
/// <param name="Since">When that was chosen, Unix seconds.</param>
internal sealed record DeliveryChoice(DeliverTo To, long Since);

/// <summary>Where mail for an address of a hybrid domain goes.</summary>
internal enum DeliverTo
{
    /// <summary>Into its inbox here.</summary>
    Smxp,

    /// <summary>To the legacy server, although there may be an inbox.</summary>
    Email,

    /// <summary>Into its inbox, and a copy to the legacy server, while its user moves.</summary>
    Both,
}
