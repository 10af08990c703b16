namespace Smxp.Client.Mail;

/// <summary>A page of messages.</summary>
/// <param name="Messages">The rows, in the listing's order.</param>
/// <param name="Cursors">How to go on.</param>
public sealed record MessagePage(IReadOnlyList<MessageRow> Messages, PageCursors Cursors);
