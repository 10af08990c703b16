using Smxp.Host.Auth;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Stream;

/// <summary>
/// One open stream. It watches first and reads then, always from the store and always onward from the last sequence it wrote: so nothing falls between the replay and going live,
/// and nothing is told twice. What wakes it carries no content.
/// </summary>
internal sealed class StreamSession(Caller caller, IMessageStore store, IEventBus events, TokenService tokens, StreamHub hub, TimeProvider time)
{
    private const int PageSize = 64;

    /// <summary>Serves a reader until it leaves, its token ends, or the server stops.</summary>
    public async Task RunAsync(HttpContext context, string? lastEventId)
    {
        var wakeup = new Wakeup();
        hub.Add(wakeup);
        using CancellationTokenRegistration leaving = context.RequestAborted.UnsafeRegister(static state => ((Wakeup)state!).Set(WakeReasons.End), wakeup);
        using IDisposable watch = events.Subscribe(caller.Address, _ => wakeup.Set(WakeReasons.Changed));
        try
        {
            long position = lastEventId is null
                ? (await store.StatusAsync(caller.Address, context.RequestAborted)).LastSequence
                : await EventId.ResolveAsync(lastEventId, caller.Address, store, context.RequestAborted);
            // Ours: a reader that came without an id, and loses the connection before its first event, can still say where it began.
            context.Response.Headers["X-SMXP-Stream-Position"] = EventId.Of(position);
            await FollowAsync(context, wakeup, position, replay: lastEventId is not null);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The reader has left.
        }
        finally
        {
            hub.Remove(wakeup);
        }
    }

    private async Task FollowAsync(HttpContext context, Wakeup wakeup, long position, bool replay)
    {
        var writer = new EventWriter(context, time);
        if (!await writer.FlushAsync()) return;
        var reasons = replay ? WakeReasons.Changed : WakeReasons.None;
        while (true)
        {
            if (reasons.HasFlag(WakeReasons.End)) return;
            if ((reasons & (WakeReasons.KeepAlive | WakeReasons.Check)) != 0 && !await tokens.IsAliveAsync(caller, context.RequestAborted)) return;
            if (reasons.HasFlag(WakeReasons.Changed))
            {
                if (await CatchUpAsync(writer, position, context.RequestAborted) is not { } reached) return;
                position = reached;
            }

            if (reasons.HasFlag(WakeReasons.KeepAlive) && !await writer.WriteKeepAliveAsync()) return;
            reasons = await wakeup.WaitAsync();
        }
    }

    /// <summary>Writes what there is after a place; answers the last place written, or null where there is nobody to write to any more.</summary>
    private async Task<long?> CatchUpAsync(EventWriter writer, long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            var query = new MailboxQuery { Mailbox = caller.Address, Kinds = null, After = position, OldestFirst = true, Limit = PageSize };
            MailboxPage page = await store.QueryAsync(query, cancellationToken);
            if (page.Entries.Count == 0) return position;
            if (!await writer.WriteAsync(page.Entries)) return null;
            position = page.Entries[^1].Sequence;
            if (!page.HasMore) return position;
            // A long replay must not outlive the server.
            if (hub.IsStopping) return null;
        }
    }
}
