using Microsoft.Extensions.Logging;

namespace Smxp.Fuzz.Targets;

/// <summary>Keeps the first error that is logged.</summary>
internal sealed class FaultLog : ILogger
{
    public string? Fault { get; private set; }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error) Fault ??= $"{formatter(state, exception)} {exception}";
    }
}
