using Smxp.Client.Admin;

namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether messages leave the server, or pile up in it.</summary>
internal sealed class QueueCheck : ICheck
{
    private static readonly TimeSpan Late = TimeSpan.FromHours(4);

    public string Name => "Queue";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken) =>
        Judge(await patient.Server.Admin.Queue.CountAsync(cancellationToken), patient.Time.GetUtcNow());

    /// <summary>What the numbers say. Pure.</summary>
    internal static Finding Judge(QueueCounts counts, DateTimeOffset now)
    {
        int waiting = counts.Due + counts.Later + counts.Working + counts.Parked;
        if (waiting == 0 || counts.OldestAt is not { } oldestAt) return Finding.Ok("empty");
        var oldest = now - DateTimeOffset.FromUnixTimeSeconds(oldestAt);
        if (counts.Parked > 0)
            return Finding.Warning($"{counts.Parked} of {waiting} parked after faults of this server's own, the oldest for {(int)oldest.TotalHours} h", "See why: queue list --state parked; then: queue retry ID, or queue drop ID");
        string detail = $"{waiting} waiting, the oldest for {(int)oldest.TotalHours} h {oldest.Minutes} min";
        return oldest < Late ? Finding.Ok(detail) : Finding.Warning(counts.Destinations is [var most, ..] ? $"{detail}; most for {most.Destination}" : detail, "See why: queue list; once mended: queue retry --all");
    }
}
