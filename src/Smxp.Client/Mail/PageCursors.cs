namespace Smxp.Client.Mail;

/// <summary>Where a page stands in its listing. Cursors are opaque.</summary>
public sealed record PageCursors
{
    /// <summary>The cursor of the page's end, to go on from; null at the end of the listing.</summary>
    public string? Next { get; init; }

    /// <summary>The cursor of the page's beginning, to go back from.</summary>
    public string? Prev { get; init; }

    /// <summary>Whether there is more in the listing's own direction.</summary>
    public bool HasMore { get; init; }

    /// <summary>What to give as <see cref="PageRequest.After"/> for what is newer than this page.</summary>
    public string? After { get; init; }

    /// <summary>What to give as <see cref="PageRequest.Before"/> for what is older than this page.</summary>
    public string? Before { get; init; }

    /// <summary>The request for the page that follows; null where this was the last.</summary>
    internal PageRequest? Following(PageRequest request, bool oldestFirst)
    {
        if (!HasMore) return null;
        return oldestFirst
            ? (After ?? Next) is { } after ? request with { After = after, Before = null } : null
            : (Before ?? Next) is { } before ? request with { Before = before, After = null } : null;
    }
}
