using System.Security.Cryptography;

namespace Smxp.Client.Transport;

/// <summary>The pause before the next try: doubling from half a second to half a minute, with a random part so that many clients do not come back at once.</summary>
internal sealed class BackOff
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _next = Shortest;

    /// <summary>It works again.</summary>
    /// <param name="asked">The pause the server asks for in its <c>retry:</c> field; null where it does not.</param>
    public void Reset(TimeSpan? asked) => _next = asked is { } pause && pause < Longest ? pause : Shortest;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var pause = _next * (0.5 + RandomNumberGenerator.GetInt32(0, 1000) / 1000.0);
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return Task.Delay(pause, cancellationToken);
    }
}
