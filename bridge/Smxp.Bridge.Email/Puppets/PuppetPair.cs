using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>The two people between whom a puppet domain stands.</summary>
/// <param name="Person">Who is on SMXP.</param>
/// <param name="Correspondent">Who is on email.</param>
internal sealed record PuppetPair(Address Person, Address Correspondent);
