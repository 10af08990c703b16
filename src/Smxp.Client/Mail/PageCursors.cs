namespace Smxp.Client.Mail;

/// <summary>Where a page stands in its listing. Cursors are opaque; each is given under the reference's name and under its SDK's.</summary>
public sealed record PageCursors
{
    /// <summary>The page's end: what to give as <see cref="PageRequest.After"/> to go on. Null where the page is empty.</summary>
    public string? Next { get => field ?? After; init; }

    /// <summary>The page's beginning: what to give as <see cref="PageRequest.Before"/> to go back. Null where the page is empty.</summary>
    public string? Prev { get => field ?? Before; init; }

    /// <summary>Whether there is more in the direction that was asked for.</summary>
    public bool HasMore { get; init; }

    /// <summary>The same as <see cref="Next"/>.</summary>
    public string? After { get; init; }

    /// <summary>The same as <see cref="Prev"/>.</summary>
    public string? Before { get; init; }

    /// <summary>The request for the page that follows; null where this was the last.</summary>
    internal PageRequest? Following(PageRequest request) => HasMore && Next is { } next ? request with { After = next, Before = null } : null;
}
