namespace Smxp.Bridge.Email.Tests.EndToEnd;

/// <summary>The system's clock, put forward.</summary>
internal sealed class ForwardClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);
}
