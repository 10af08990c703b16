namespace Smxp.Plugins.Storage;

/// <summary>A store cannot serve now: a full or read-only disk, a locked or unreachable database. Nothing of the failed call is stored.</summary>
/// <remarks>
/// Drivers throw it, and nothing else, for outages; the host answers 503 (SMTP 451), and logs the message, which says what an operator can mend and holds no
/// content. The driver recovers by itself when the cause is gone.
/// </remarks>
public sealed class StorageUnavailableException : Exception
{
    /// <summary>An outage without words of its own.</summary>
    public StorageUnavailableException()
        : base("The storage is unavailable.")
    {
    }

    /// <summary>An outage, in words for the log.</summary>
    public StorageUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>An outage, in words for the log, with its cause.</summary>
    public StorageUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
