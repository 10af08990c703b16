using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>A mail made ready to be sent, with the blobs stored for it so far.</summary>
internal sealed class PreparedSubmission(Address author, Address sender, MailDraft draft, MailIdentity identity, IReadOnlyList<Address> recipients)
{
    public Address Author => author;

    /// <summary>Who signed in.</summary>
    public Address Sender => sender;

    public MailDraft Draft => draft;

    public MailIdentity Identity => identity;

    /// <summary>Those who do not have it yet.</summary>
    public IReadOnlyList<Address> Recipients => recipients;

    /// <summary>Those of them with a mailbox here, to whom it is delivered at once.</summary>
    public HashSet<Address> Here { get; } = [];

    /// <summary>Everything stored for it in the author's name, taken back unless it is kept.</summary>
    public List<Attachment> Blobs { get; } = [];

    /// <summary>Conversations that turn out to be part of its own, each in a mailbox.</summary>
    public List<(Address Mailbox, string ConversationId)> Joined { get; } = [];

    public ThreadPlace? Place { get; set; }

    public MailSubmission? Mail { get; set; }

    public bool Kept { get; set; }
}
