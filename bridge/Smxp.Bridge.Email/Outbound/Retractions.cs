using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>A delete of a mail that has left: email has no way to take it back, and the author is told so (email mapping §6).</summary>
internal sealed class Retractions(IMailboxes mailboxes, TimeProvider time)
{
    public const string Remark = "the recipient keeps a copy: email cannot be taken back";

    /// <summary>Says on the row of the message taken back that its copy stays.</summary>
    public async Task NoteAsync(OutboxEntry entry, Envelope retraction, CancellationToken cancellationToken)
    {
        if (entry.Sender is not { } sender || retraction.InReplyTo is not { } target) return;
        // Of what failed there is no copy, and of what waits there may be none.
        if (await mailboxes.FindAsync(sender, target, cancellationToken) is not { Direction: Direction.Out, Status: SendStatus.Sent }) return;
        await mailboxes.ReportAsync([new SendReport(sender, target, SendStatus.Sent, Remark, time.GetUtcNow().ToUnixTimeSeconds())], [], cancellationToken);
    }
}
