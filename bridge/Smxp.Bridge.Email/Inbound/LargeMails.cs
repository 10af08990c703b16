namespace Smxp.Bridge.Email.Inbound;

/// <summary>
/// Lets few large mails at a time be taken apart and stored: a text in memory and a compressor's window are nothing for one and too much for a thousand. The others wait on disk, and small mails wait for nobody.
/// </summary>
internal sealed class LargeMails : IDisposable
{
    // Storage may be far away, so more than there are processors.
    private readonly SemaphoreSlim _places = new(2 * Environment.ProcessorCount);

    /// <summary>Whether a mail is large: on disk and not in memory.</summary>
    public static bool IsLarge(MessageSpool mail) => !mail.TryGetMemory(out _);

    /// <summary>Waits until it is this mail's turn; its turn ends with what is returned.</summary>
    public async ValueTask<Turn> EnterAsync(MessageSpool mail, CancellationToken cancellationToken)
    {
        if (!IsLarge(mail)) return default;
        await _places.WaitAsync(cancellationToken);
        return new Turn(_places);
    }

    public void Dispose() => _places.Dispose();

    /// <summary>A mail's turn.</summary>
    public readonly struct Turn(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places?.Release();
    }
}
