using System.Net;

namespace Smxp.Mail.Smtp.Limits;

/// <summary>
/// Holds clients to <see cref="RateLimits"/>. Of each it remembers three times, each how far ahead of an even pace it is (the generic cell rate algorithm), so the table is small;
/// and it is bounded: when strangers fill it, who is idle is forgotten, and if that does not help, everybody.
/// </summary>
internal sealed class ClientRates(RateLimits limits, TimeProvider time, int capacity = 65536)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Pace> _clients = [];
    private readonly long _minute = 60 * time.TimestampFrequency;

    public bool TryConnect(IPAddress client) => TryPass(client, limits.ConnectionsPerMinute, static pace => ref pace.Connections);

    public bool TryMail(IPAddress client) => TryPass(client, limits.MailsPerMinute, static pace => ref pace.Mails);

    public bool TryRecipient(IPAddress client) => TryPass(client, limits.RecipientsPerMinute, static pace => ref pace.Recipients);

    /// <summary>How many clients are remembered.</summary>
    internal int Count => _clients.Count;

    private delegate ref long Field(Pace pace);

    private bool TryPass(IPAddress client, int perMinute, Field field)
    {
        if (perMinute == 0 || limits.Exempt.Any(network => network.Contains(client))) return true;
        var key = ClientKey.Of(client);
        long now = time.GetTimestamp();
        lock (_lock)
        {
            if (!_clients.TryGetValue(key, out var pace))
            {
                if (_clients.Count >= capacity) Forget(now);
                _clients[key] = pace = new Pace();
            }

            ref long ahead = ref field(pace);
            long next = Math.Max(ahead, now) + (_minute / perMinute);
            if (next - now > _minute) return false;
            ahead = next;
            return true;
        }
    }

    private void Forget(long now)
    {
        foreach (var (client, pace) in _clients)
        {
            // A dictionary may lose entries while it is walked.
            if (pace.IsIdle(now)) _clients.Remove(client);
        }

        if (_clients.Count >= capacity) _clients.Clear();
    }

    private sealed class Pace
    {
        public long Connections;
        public long Mails;
        public long Recipients;

        public bool IsIdle(long now) => Connections <= now && Mails <= now && Recipients <= now;
    }
}
