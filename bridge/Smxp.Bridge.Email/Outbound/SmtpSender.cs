using Smxp.Bridge.Email.Outbound.Forms;
using Smxp.Bridge.Email.Outbound.Smtp;
using Smxp.Plugins.Delivery;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Hands a mail to the first server of a route that takes it. What could not be said moves on to the next server; what was refused is final (RFC 5321 §5.1).</summary>
internal sealed class SmtpSender(HostPlan plan, ConnectionPool pool, StandBack standBack, string spoolDirectory) : IAsyncDisposable
{
    // A server that answers "later" for good reasons (greylisting) gives them at each of its addresses.
    private const int MostAnswers = 2;

    /// <summary>One attempt. Answers each recipient's outcome, in the mail's order.</summary>
    /// <param name="route">Where mail for the domain goes.</param>
    /// <param name="mail">The mail; its recipients are of that domain.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task<IReadOnlyList<HandOver>> SendAsync(MailRoute route, OutgoingMail mail, CancellationToken cancellationToken)
    {
        var outcomes = new HandOver[mail.Recipients.Count];
        Array.Fill(outcomes, new HandOver(HandOverKind.Deferred, "no mail server could be reached"));
        await using var forms = new LeavingForms(mail, spoolDirectory);
        int[] left = [.. Enumerable.Range(0, outcomes.Length)];
        int answers = 0;
        bool refusedByAll = true;
        await foreach (var (host, obstacle) in plan.HostsAsync(route, mail.Needs, cancellationToken))
        {
            var (result, refusal) = host is null
                ? (null, new HandOver(HandOverKind.Deferred, obstacle))
                : await TryAsync(host, forms, [.. left.Select(i => mail.Recipients[i])], cancellationToken);
            refusedByAll &= result is null && refusal!.Kind == HandOverKind.Rejected;
            for (int i = 0; i < left.Length; i++) outcomes[left[i]] = result?[i] ?? refusal! with { Kind = HandOverKind.Deferred };
            if (result is not null && ++answers >= MostAnswers) break;
            left = [.. left.Where(i => outcomes[i].Kind == HandOverKind.Deferred)];
            if (left.Length == 0) break;
            if (refusedByAll) Array.ForEach(left, i => outcomes[i] = refusal!);
        }

        return outcomes;
    }

    /// <summary>Asks whether a route's server would take mail for a recipient, and sends none. Deferred where none says so now.</summary>
    public async Task<HandOver> ProbeAsync(MailRoute route, string recipient, CancellationToken cancellationToken)
    {
        var outcome = new HandOver(HandOverKind.Deferred, route.Reason ?? "no mail server could be reached");
        await foreach (var (host, obstacle) in plan.HostsAsync(route, MailNeeds.None, cancellationToken))
        {
            outcome = host is null ? new HandOver(HandOverKind.Deferred, obstacle) : await ProbeAsync(host, recipient, cancellationToken);
            if (outcome.Kind != HandOverKind.Deferred) break;
        }

        return outcome;
    }

    /// <summary>Asks servers again that could not be reached a moment ago.</summary>
    public void ForgetFailures() => standBack.Clear();

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    private async Task<HandOver> ProbeAsync(MailHost host, string recipient, CancellationToken cancellationToken)
    {
        if (standBack.ReasonFor(host) is { } why) return new HandOver(HandOverKind.Deferred, $"{why} (a moment ago)");
        for (bool mayReuse = true; ; mayReuse = false)
        {
            try
            {
                using var rental = await pool.RentAsync(host, mayReuse, cancellationToken);
                standBack.Reached(host);
                try
                {
                    return await RecipientProbe.RunAsync(rental.Connection, host.Name, recipient, cancellationToken);
                }
                catch (SmtpFault fault) when (rental.IsReused && fault.Kind == SmtpFaultKind.Lost)
                {
                    // It was closed at the other end while it waited here.
                }
                catch
                {
                    rental.Connection.IsUsable = false;
                    throw;
                }
            }
            catch (SmtpFault fault)
            {
                string words = $"{host.Name}: {fault.Message}";
                if (fault.Kind is SmtpFaultKind.Unreachable or SmtpFaultKind.Refused) standBack.Failed(host, words);
                return new HandOver(HandOverKind.Deferred, words);
            }
        }
    }

    private async Task<(IReadOnlyList<HandOver>? Result, HandOver? Refusal)> TryAsync(MailHost host, LeavingForms forms, IReadOnlyList<OutgoingRecipient> recipients, CancellationToken cancellationToken)
    {
        if (standBack.ReasonFor(host) is { } why) return (null, new HandOver(HandOverKind.Deferred, $"{why} (a moment ago)"));
        for (bool mayReuse = true; ; mayReuse = false)
        {
            try
            {
                using var rental = await pool.RentAsync(host, mayReuse, cancellationToken);
                standBack.Reached(host);
                var mail = await forms.ForAsync(rental.Connection.Extensions, cancellationToken);
                var transaction = new MailTransaction(rental.Connection, mail with { Recipients = recipients });
                try
                {
                    var result = await transaction.RunAsync(host.Name, cancellationToken);
                    // RFC 5321 §3.8: a server may end a session between mails; that says nothing about this one.
                    if (!rental.Connection.IsUsable && rental.IsReused && !transaction.IsBodySent && result.All(static outcome => outcome.Kind == HandOverKind.Deferred)) continue;
                    return (result, null);
                }
                catch (SmtpFault fault) when (rental.IsReused && !transaction.IsBodySent && fault.Kind == SmtpFaultKind.Lost)
                {
                    // It was closed at the other end while it waited here. Nothing was accepted, so nothing is said twice.
                }
                catch
                {
                    rental.Connection.IsUsable = false;
                    throw;
                }
            }
            catch (SmtpFault fault)
            {
                string words = $"{host.Name}: {fault.Message}";
                if (fault.Kind is SmtpFaultKind.Unreachable or SmtpFaultKind.Refused) standBack.Failed(host, words);
                return (null, new HandOver(fault.IsPermanent ? HandOverKind.Rejected : HandOverKind.Deferred, words));
            }
        }
    }
}
