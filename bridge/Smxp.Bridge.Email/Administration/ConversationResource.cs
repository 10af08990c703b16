using Smxp.Plugins.Bridge;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Administration;

/// <summary><c>POST conversations/merge</c> and <c>conversations/split</c>: what was threaded wrongly is put right, by the mailbox's owner or the administrator.</summary>
internal sealed class ConversationResource(IConversations conversations, TimeProvider time) : IResource
{
    private const int MostMessages = 1000;
    private const int LongestId = 256;

    public async ValueTask<BridgeAnswer?> TryAnswerAsync(BridgeCall call, CancellationToken cancellationToken) => call switch
    {
        { Method: "POST", Segments: ["conversations", "merge"] } => await MergeAsync(call, call.Read<MergeRequest>(), cancellationToken),
        { Method: "POST", Segments: ["conversations", "split"] } => await SplitAsync(call, call.Read<SplitRequest>(), cancellationToken),
        _ => null,
    };

    private async Task<BridgeAnswer> MergeAsync(BridgeCall call, MergeRequest request, CancellationToken cancellationToken)
    {
        if (!MailboxOfCall.TryGet(call, request.Mailbox, out var mailbox) || mailbox is null) return BridgeAnswer.Invalid("mailbox must be an address");
        if (!IsId(request.Conversation) || !IsId(request.Into)) return BridgeAnswer.Invalid("conversation and into must name two conversations");
        var result = await conversations.MergeAsync(mailbox, request.Conversation!, request.Into!, Now, cancellationToken);
        return Answer(result, request.Into!, "the mailbox lacks one of these conversations");
    }

    private async Task<BridgeAnswer> SplitAsync(BridgeCall call, SplitRequest request, CancellationToken cancellationToken)
    {
        if (!MailboxOfCall.TryGet(call, request.Mailbox, out var mailbox) || mailbox is null) return BridgeAnswer.Invalid("mailbox must be an address");
        if (request.Messages is not { Count: > 0 and <= MostMessages } messages || messages.Any(static id => string.IsNullOrEmpty(id))) return BridgeAnswer.Invalid($"messages must name 1 to {MostMessages} messages");
        if (request.Conversation is not null && !IsId(request.Conversation)) return BridgeAnswer.Invalid($"conversation must not be blank or longer than {LongestId} characters");
        string conversation = request.Conversation ?? Guid.NewGuid().ToString();
        var result = await conversations.SplitAsync(mailbox, messages, conversation, Now, cancellationToken);
        return Answer(result, conversation, "the mailbox lacks one of these messages");
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private static BridgeAnswer Answer(MoveResult result, string conversation, string missing) =>
        result.Outcome == MoveOutcome.NotFound ? BridgeAnswer.NotFound(missing) : BridgeAnswer.Found(new { ConversationId = conversation, result.Moved });

    private static bool IsId(string? id) => !string.IsNullOrWhiteSpace(id) && id.Length <= LongestId;

    private sealed record MergeRequest(string? Mailbox, string? Conversation, string? Into);

    private sealed record SplitRequest(string? Mailbox, IReadOnlyList<string>? Messages, string? Conversation);
}
