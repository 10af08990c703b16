namespace Smxp.Host.Delivery;

/// <summary>Lets a few attempts at a time through to each destination, so that one that hangs holds up nobody else.</summary>
internal sealed class DestinationGate(int width)
{
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>How many attempts one destination gets at a time.</summary>
    public int Width => width;

    /// <summary>Takes a place where one is free and nobody waits for it; disposing the result gives it back.</summary>
    public IDisposable? TryEnter(string destination)
    {
        lock (_lock)
        {
            Lane lane = LaneOf(destination);
            // Whoever is in a lane either holds a place or waits: with fewer than there are places, one is free.
            if (lane.Users >= width || !lane.Places.Wait(0)) return null;
            lane.Users++;
            _lanes[destination] = lane;
            return new Place(lane);
        }
    }

    /// <summary>Waits for a place; disposing the result gives it back.</summary>
    public async Task<IDisposable> EnterAsync(string destination, CancellationToken cancellationToken)
    {
        Lane lane;
        lock (_lock)
        {
            lane = LaneOf(destination);
            lane.Users++;
            _lanes[destination] = lane;
        }

        try
        {
            await lane.Places.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(lane);
            throw;
        }

        return new Place(lane);
    }

    private Lane LaneOf(string destination) => _lanes.TryGetValue(destination, out Lane? lane) ? lane : new Lane(this, destination, width);

    private void Leave(Lane lane)
    {
        lock (_lock)
        {
            if (--lane.Users == 0) _lanes.Remove(lane.Destination);
        }
    }

    private sealed class Lane(DestinationGate gate, string destination, int width)
    {
        public string Destination => destination;
        public SemaphoreSlim Places { get; } = new(width, width);
        public int Users { get; set; }

        public void Free()
        {
            Places.Release();
            gate.Leave(this);
        }
    }

    private sealed class Place(Lane lane) : IDisposable
    {
        private Lane? _lane = lane;

        public void Dispose() => Interlocked.Exchange(ref _lane, null)?.Free();
    }
}
