using Smxp.Fuzz.Targets;

namespace Smxp.Fuzz;

/// <summary>The targets by name.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyDictionary<string, Func<IFuzzTarget>> All { get; } = new Dictionary<string, Func<IFuzzTarget>>
    {
        ["smtp"] = static () => new SmtpTarget(),
        ["mime"] = static () => new MimeTarget(),
        ["address"] = static () => new AddressTarget(),
        ["authentication"] = static () => new AuthenticationTarget(),
    };
}
