namespace Smxp.Bridge.Email.Notifications;

/// <summary>What a notification brings back of the mail it speaks of (RFC 3461 §4.3): its header, or all of it where that was asked for. It travels in an entry of the outbox or a record, so it is bounded.</summary>
internal static class ReturnedMail
{
    private const int LongestHeader = 64 * 1024;
    private const int LongestMail = 256 * 1024;

    private static ReadOnlySpan<byte> EndOfHeader => "\r\n\r\n"u8;

    public static async Task<(byte[] Bytes, bool IsWhole)> ReadAsync(Stream mail, bool wantsAll, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[(wantsAll ? LongestMail : LongestHeader) + 1];
        int read = await mail.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (wantsAll && read < bytes.Length) return (bytes[..read], true);
        int header = Math.Min(read, LongestHeader), end = bytes.AsSpan(0, header).IndexOf(EndOfHeader);
        return (bytes[..(end < 0 ? header : end + 2)], false);
    }
}
