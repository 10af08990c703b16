using Smxp.Bridge.Email.Ledger;
using Smxp.Plugins.Bridge;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Administration;

/// <summary><c>GET trace/{id or Message-ID}</c>: the story of one message. The administrator may name a <c>mailbox</c>; otherwise every one is asked, by what it holds.</summary>
internal sealed class TraceResource(Traces traces) : IResource
{
    private const int MostTraces = 20;

    public async ValueTask<BridgeAnswer?> TryAnswerAsync(BridgeCall call, CancellationToken cancellationToken) =>
        call is { Method: "GET", Segments: ["trace", _, ..] } ? await FindAsync(call, string.Join('/', call.Segments.Skip(1)), cancellationToken) : null;

    private async Task<BridgeAnswer> FindAsync(BridgeCall call, string name, CancellationToken cancellationToken)
    {
        if (!MailboxOfCall.TryGet(call, out var mailbox)) return BridgeAnswer.Invalid("mailbox is not an address");
        var found = new List<Trace>();
        if (mailbox is null) await foreach (var trace in traces.FindAllAsync(name, cancellationToken).Take(MostTraces)) found.Add(trace);
        else if (await traces.FindAsync(mailbox, name, cancellationToken) is { } trace) found.Add(trace);
        return found.Count == 0 ? BridgeAnswer.NotFound("nothing is known of it") : BridgeAnswer.Found(new { Traces = found.Select(Write) });
    }

    private static object Write(Trace trace) => new
    {
        Mailbox = trace.Mailbox?.ToString(),
        trace.Entry?.Id,
        MessageId = trace.Mail?.MessageId ?? (trace.Crossings is [var first, ..] ? first.MessageId : null),
        trace.Entry?.ConversationId,
        Direction = trace.Entry?.Direction,
        Status = trace.Entry?.Status,
        trace.Entry?.Error,
        trace.Entry?.ReadStatus,
        trace.Crossings,
        Answers = trace.Answers.Select(static answer => new { answer.Entry.Id, To = answer.Entry.Envelope?.Envelope.To, answer.Entry.Status, answer.Entry.Error, answer.Crossings }),
        Story = Story.Tell(trace),
    };
}
