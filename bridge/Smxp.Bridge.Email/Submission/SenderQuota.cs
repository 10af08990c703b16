using System.Collections.Concurrent;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Submission;

/// <summary>How many recipients each person may still send to: what was sent counts for an hour, by the minute. In memory, so that each node counts for itself.</summary>
/// <param name="perHour">Recipients in an hour; 0 for no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class SenderQuota(int perHour, TimeProvider time)
{
    private const int Minutes = 60;

    private readonly ConcurrentDictionary<Address, Hour> _hours = new();

    /// <summary>When there is room for so many; null where there is now.</summary>
    public DateTimeOffset? RoomFor(Address sender, int recipients) => Ask(sender, recipients, take: false);

    /// <summary>Takes room for so many; when there is none, answers when there will be.</summary>
    public DateTimeOffset? Take(Address sender, int recipients) => Ask(sender, recipients, take: true);

    /// <summary>Gives back what was taken for a mail that was not sent after all.</summary>
    public void GiveBack(Address sender, int recipients)
    {
        if (perHour > 0 && _hours.TryGetValue(sender, out var hour)) hour.GiveBack(recipients);
    }

    private DateTimeOffset? Ask(Address sender, int recipients, bool take)
    {
        if (perHour == 0) return null;
        long now = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        return _hours.GetOrAdd(sender, static _ => new Hour()).Ask(now, recipients, perHour, take) is { } minute ? DateTimeOffset.FromUnixTimeSeconds(minute * 60) : null;
    }

    // One for each person who ever sent: no more than there are inboxes.
    private sealed class Hour
    {
        private readonly Lock _lock = new();
        private readonly Queue<(long Minute, int Count)> _taken = new();

        public long? Ask(long now, int recipients, int most, bool take)
        {
            lock (_lock)
            {
                while (_taken.TryPeek(out var oldest) && oldest.Minute + Minutes <= now) _taken.Dequeue();
                int left = most - _taken.Sum(static one => one.Count);
                if (left >= recipients)
                {
                    if (take) _taken.Enqueue((now, recipients));
                    return null;
                }

                foreach (var (minute, count) in _taken)
                {
                    left += count;
                    if (left >= recipients) return minute + Minutes;
                }

                // More than an hour's worth at a time: never.
                return now + Minutes;
            }
        }

        public void GiveBack(int recipients)
        {
            lock (_lock)
            {
                if (_taken.Count > 0) _taken.Enqueue((_taken.Last().Minute, -recipients));
            }
        }
    }
}
