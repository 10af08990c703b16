namespace Smxp.Host.Auth;

/// <summary>How many attempts may come at once, and how long one takes to be allowed again.</summary>
internal sealed record Limit(int Capacity, TimeSpan Refill);

/// <summary>Token buckets by name, at most so many: the least recently touched is forgotten first. Not thread-safe.</summary>
internal sealed class BucketTable(Limit limit, int maxEntries)
{
    private readonly Dictionary<string, LinkedListNode<Bucket>> _byName = new(StringComparer.Ordinal);
    private readonly LinkedList<Bucket> _byUse = new();

    public Bucket Get(string name, DateTimeOffset now)
    {
        if (_byName.TryGetValue(name, out var node))
        {
            _byUse.Remove(node);
            node.Value.RefillTo(now);
        }
        else
        {
            if (_byName.Count >= maxEntries) Forget(_byUse.First!);
            node = new LinkedListNode<Bucket>(new Bucket(name, limit, now));
            _byName[name] = node;
        }

        _byUse.AddLast(node);
        return node.Value;
    }

    private void Forget(LinkedListNode<Bucket> node)
    {
        _byUse.Remove(node);
        _byName.Remove(node.Value.Name);
    }
}

/// <summary>One token bucket.</summary>
internal sealed class Bucket(string name, Limit limit, DateTimeOffset now)
{
    private double _left = limit.Capacity;
    private DateTimeOffset _at = now;

    public string Name => name;

    public void RefillTo(DateTimeOffset now)
    {
        if (now <= _at) return;
        _left = Math.Min(limit.Capacity, _left + ((now - _at) / limit.Refill));
        _at = now;
    }

    /// <summary>How long until an attempt is allowed; zero where it is now.</summary>
    public TimeSpan WaitTime(DateTimeOffset now)
    {
        RefillTo(now);
        return _left >= 1 ? TimeSpan.Zero : limit.Refill * (1 - _left);
    }

    public void Take() => _left -= 1;

    public void GiveBack() => _left = Math.Min(limit.Capacity, _left + 1);
}
