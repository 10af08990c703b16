using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Smxp.Host.Errors;
using Smxp.Host.Mail.Rows;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Api;

/// <summary>Which part of a list is asked for: <c>?limit=&amp;after=&amp;before=</c>. <c>after</c> leads on in the order of the list, <c>before</c> back (SMXP §8, as the reference does).</summary>
internal sealed class Paging
{
    private const int DefaultLimit = 20;
    private const int MostRows = 100;

    [Description("How many: 1 to 100.")]
    [FromQuery(Name = "limit")] public string? Limit { get; set; }

    [Description("A page's cursors.next: what follows it in the order of the list.")]
    [FromQuery(Name = "after")] public string? After { get; set; }

    [Description("A page's cursors.prev: what stands before it in the order of the list.")]
    [FromQuery(Name = "before")] public string? Before { get; set; }

    /// <summary>The page of a list, newest or oldest first.</summary>
    public async Task<IResult> ReadAsync(IMessageStore store, MailboxQuery query, bool oldestFirst, int defaultLimit, CancellationToken cancellationToken)
    {
        if (!TryReadCursors(out long? after, out long? before, out Rejection? malformed)) return malformed;
        bool backwards = after is null && before is not null;
        bool upwards = oldestFirst != backwards;
        long? from = backwards ? before : after;
        MailboxPage page = await store.QueryAsync(
            query with { OldestFirst = upwards, After = upwards ? from : null, Before = upwards ? null : from, Limit = ReadLimit(defaultLimit) }, cancellationToken);
        return new RowPageAnswer(backwards ? [.. page.Entries.Reverse()] : page.Entries, page.HasMore);
    }

    /// <summary>The limit, kept in its bounds; what is no number counts as none (as in the reference).</summary>
    public int ReadLimit(int defaultLimit = DefaultLimit) =>
        int.TryParse(Limit, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int limit) && limit != 0 ? Math.Clamp(limit, 1, MostRows) : defaultLimit;

    public Task<IResult> ReadAsync(IMessageStore store, MailboxQuery query, CancellationToken cancellationToken) => ReadAsync(store, query, oldestFirst: false, DefaultLimit, cancellationToken);

    public bool TryReadCursors(out long? after, out long? before, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Rejection? malformed)
    {
        bool right = TryRead(After, out after) & TryRead(Before, out before);
        malformed = right ? null : Rejection.Malformed("malformed cursor");
        return right;
    }

    private static bool TryRead(string? text, out long? sequence)
    {
        sequence = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (!Cursor.TryDecode(text, out long value)) return false;
        sequence = value;
        return true;
    }
}
