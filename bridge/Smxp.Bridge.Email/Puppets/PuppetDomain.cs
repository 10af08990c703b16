using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>The domain of ours whose addresses stand for people elsewhere, and whom its settings let use it.</summary>
internal sealed class PuppetDomain(string name, PuppetSettings settings, IMessageIntake intake)
{
    // RFC 5321 §4.5.3.1.1.
    private const int LongestLocal = 64;

    private readonly HashSet<string> _allowed = [.. settings.AllowFrom ?? []];

    /// <summary>The domain.</summary>
    public string Name => name;

    /// <summary>Whom an address stands for; null where it is no puppet of this domain.</summary>
    public Address? Behind(Address address) => address.Domain == name && PuppetAddress.TryDecode(address.Local, out var person) ? person : null;

    /// <summary>The address here that stands for somebody.</summary>
    public Address PuppetOf(Address person) => Address.Parse($"{PuppetAddress.Encode(person)}@{name}");

    /// <summary>Whether configuration lets somebody on another SMXP server use it.</summary>
    public bool Allows(Address person) => _allowed.Contains(person.Domain) || _allowed.Contains(person.ToString());

    /// <summary>Whether people who are signed in here may use it.</summary>
    public bool AllowsLocal => settings.AllowLocal;

    /// <summary>Whether an address is of a domain served here, this one included.</summary>
    public async ValueTask<bool> IsOursAsync(Address address, CancellationToken cancellationToken) =>
        await intake.LookUpAsync(address, cancellationToken) != RecipientKind.Remote;

    /// <summary>Whether an address is itself a puppet, here or elsewhere: behind it there may be anybody, and a way back to here.</summary>
    public static bool IsPuppet(Address address) => PuppetAddress.TryDecode(address.Local, out _);

    /// <summary>Whether mail servers take the puppet of somebody as an address.</summary>
    public static bool IsMailable(Address person)
    {
        string local = PuppetAddress.Encode(person);
        return local.Length <= LongestLocal && local[0] != '.' && !local.Contains("..", StringComparison.Ordinal);
    }

    /// <summary>Whether a local part is one that no mail server on the way reads as a route of its own: no <c>%</c>, no <c>!</c>, nothing that needs quotes.</summary>
    public static bool IsPlain(string local) =>
        local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal)
        && local.All(static c => !char.IsWhiteSpace(c) && (!char.IsAscii(c) || char.IsAsciiLetterOrDigit(c) || "._+-=~#$&'*/?^`{|}".Contains(c, StringComparison.Ordinal)));
}
