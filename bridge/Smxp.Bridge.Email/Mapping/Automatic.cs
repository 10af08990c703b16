using MimeKit;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>Tells mail that nobody wrote by hand, or that went to many: nothing answers it by itself (RFC 3834 §2, §4).</summary>
internal static class Automatic
{
    private static readonly string[] BulkPrecedences = ["bulk", "junk", "list"];

    public static bool Is(MimeMessage message) =>
        IsAutoSubmitted(message)
        || (message.Headers[HeaderId.Precedence] is { } precedence && BulkPrecedences.Contains(precedence.Trim(), StringComparer.OrdinalIgnoreCase))
        // RFC 2369 and RFC 2919: List-Id, List-Unsubscribe, List-Post and their kind.
        || message.Headers.Any(static header => header.Field.StartsWith("List-", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Tells mail that is an automatic answer itself: a report (RFC 6522), or what says so. To it nothing at all goes back, though it may have a return path where it should have none (RFC 3834 §3.3). Lists and
    /// machines that write of themselves are another matter: they need to hear of what failed (RFC 5321 §6.1), and have a return path for it.
    /// </summary>
    public static bool IsAnswer(MimeMessage message) =>
        message.Body is MultipartReport || (message.Headers["Auto-Submitted"] is { } value && value.Split(';', '(')[0].Trim().Equals("auto-replied", StringComparison.OrdinalIgnoreCase));

    // RFC 3834 §5: anything but "no", with or without parameters.
    private static bool IsAutoSubmitted(MimeMessage message) =>
        message.Headers["Auto-Submitted"] is { } value && !value.Split(';', '(')[0].Trim().Equals("no", StringComparison.OrdinalIgnoreCase);
}
