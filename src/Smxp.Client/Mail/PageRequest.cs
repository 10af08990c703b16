using Smxp.Client.Transport;

namespace Smxp.Client.Mail;

/// <summary>Which page of a listing to ask for.</summary>
public sealed record PageRequest
{
    /// <summary>The first page, of the server's usual size.</summary>
    public static PageRequest First { get; } = new();

    /// <summary>How many rows at most, 1 to 100; null for the server's usual 20.</summary>
    public int? Limit { get; init; }

    /// <summary>Only what follows this cursor in the order of the listing: the next page.</summary>
    public string? After { get; init; }

    /// <summary>Only what precedes this cursor in the order of the listing: the page before.</summary>
    public string? Before { get; init; }

    /// <summary>Whose mailbox, where its owner delegated <c>read</c> or <c>manage</c> to this account; null for one's own.</summary>
    public string? OnBehalfOf { get; init; }

    internal string AddTo(string path) => path.With(("limit", Limit.Text()), ("after", After), ("before", Before), ("on_behalf_of", OnBehalfOf));
}
