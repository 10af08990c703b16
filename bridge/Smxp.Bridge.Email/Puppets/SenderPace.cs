using Smxp.Protocol;

namespace Smxp.Bridge.Email.Puppets;

/// <summary>
/// Holds senders to so many messages an hour. Of each it remembers how far ahead of an even pace he is (the generic cell rate algorithm). The table is bounded; where it is full of senders who
/// are all busy, further ones wait: who relays for others errs on that side.
/// </summary>
internal sealed class SenderPace(int perHour, TimeProvider time, int capacity = 10_000)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, long> _ahead = [];
    private readonly long _hour = 3600 * time.TimestampFrequency;

    /// <summary>Counts a message; false where it is too many, with when to come again.</summary>
    public bool TryPass(Address sender, out TimeSpan pause)
    {
        long now = time.GetTimestamp();
        lock (_lock)
        {
            if (!_ahead.ContainsKey(sender) && _ahead.Count >= capacity) Forget(now);
            bool isFull = !_ahead.ContainsKey(sender) && _ahead.Count >= capacity;
            long next = Math.Max(_ahead.GetValueOrDefault(sender), now) + (_hour / perHour);
            long wait = isFull ? _hour / perHour : next - now - _hour;
            pause = TimeSpan.FromSeconds(Math.Ceiling(Math.Max(0, wait) / (double)time.TimestampFrequency));
            if (wait > 0) return false;
            _ahead[sender] = next;
            return true;
        }
    }

    private void Forget(long now)
    {
        foreach (var (sender, ahead) in _ahead)
        {
            // A dictionary may lose entries while it is walked.
            if (ahead <= now) _ahead.Remove(sender);
        }
    }
}
