using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>A mail made ready for one recipient, with the blobs stored for it so far.</summary>
internal sealed class PreparedMail(Address recipient)
{
    public Address Recipient => recipient;

    /// <summary>Everything stored for it, taken back unless it is kept.</summary>
    public List<Attachment> Blobs { get; } = [];

    /// <summary>Those of them that the message shows.</summary>
    public IReadOnlyList<Attachment> Attachments { get; set; } = [];

    /// <summary>Conversations that turn out to be part of its own.</summary>
    public IReadOnlyList<string> Joined { get; set; } = [];

    public InboundMessage? Message { get; set; }

    /// <summary>Its line in the ledger.</summary>
    public Crossing? Crossing { get; set; }

    public bool Kept { get; set; }
}
