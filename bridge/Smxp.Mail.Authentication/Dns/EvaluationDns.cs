using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Smxp.Mail.Authentication.Dns;

/// <summary>The resolver as one evaluation sees it: each question is asked once, and when the evaluation's time is up whatever has no answer has failed for now.
/// That turns one deadline into the <c>temperror</c> of every standard.</summary>
internal sealed class EvaluationDns(IMailDns dns, CancellationToken deadline, CancellationToken caller) : IMailDns
{
    private readonly ConcurrentDictionary<(string Type, string Name), Lazy<Task>> _asked = new();

    public ValueTask<MailDnsAnswer<string>> TextAsync(string name, CancellationToken cancellationToken) => Ask("TXT", name, token => dns.TextAsync(name, token));

    public ValueTask<MailDnsAnswer<IPAddress>> AddressesAsync(string name, AddressFamily family, CancellationToken cancellationToken) =>
        Ask(family == AddressFamily.InterNetwork ? "A" : "AAAA", name, token => dns.AddressesAsync(name, family, token));

    public ValueTask<MailDnsAnswer<string>> ExchangesAsync(string name, CancellationToken cancellationToken) => Ask("MX", name, token => dns.ExchangesAsync(name, token));

    public ValueTask<MailDnsAnswer<string>> NamesAsync(IPAddress address, CancellationToken cancellationToken) => Ask("PTR", address.ToString(), token => dns.NamesAsync(address, token));

    private ValueTask<MailDnsAnswer<T>> Ask<T>(string type, string name, Func<CancellationToken, ValueTask<MailDnsAnswer<T>>> question) =>
        new((Task<MailDnsAnswer<T>>)_asked.GetOrAdd((type, name.ToLowerInvariant()), _ => new Lazy<Task>(() => InTime(question))).Value);

    private async Task<MailDnsAnswer<T>> InTime<T>(Func<CancellationToken, ValueTask<MailDnsAnswer<T>>> question)
    {
        try
        {
            // WaitAsync, since a resolver may be slow to notice that nobody waits any longer.
            return await question(deadline).AsTask().WaitAsync(deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return MailDnsAnswer.Empty<T>(MailDnsStatus.TemporaryFailure);
        }
    }
}
