using MimeKit;
using Smxp.Bridge.Email.Inbound;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>
/// Keeps out mail made to cost: each part and each field of a parsed mail is an object of hundreds of bytes, and a stranger can write one in five; a long field is copied again and again
/// while it is read. Mail over a size is first read by an event parser, which holds nothing, and refused where it has too many, or one too long.
/// </summary>
internal sealed class MimeLimits : MimeReader
{
    public const int MaxParts = 1000;
    public const int MaxFields = 10_000;

    /// <summary>The longest field of a part; those of the mail itself end at the SMTP server.</summary>
    public const int MaxField = 512 * 1024;

    // Below this, even the worst mail costs a few megabytes for a moment.
    private const int Harmless = 64 * 1024;

    private readonly MeteredStream _mail;
    private int _parts;
    private int _fields;

    private MimeLimits(MeteredStream mail)
        : base(MailParser.Options, mail, MimeFormat.Entity) => _mail = mail;

    public static bool IsTooComplex(MessageSpool mail)
    {
        if (ContentFields.HasTooLong(mail)) return true;
        if (mail.Length <= Harmless) return false;
        using var metered = new MeteredStream(mail.OpenRead());
        try
        {
            new MimeLimits(metered).ReadMessage(CancellationToken.None);
            return false;
        }
        catch (TooComplexException)
        {
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken) => Count(ref _fields, MaxFields);

    protected override void OnMimePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Count(ref _parts, MaxParts);

    protected override void OnMessagePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Count(ref _parts, MaxParts);

    protected override void OnMultipartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Count(ref _parts, MaxParts);

    protected override void OnMimePartContentRead(byte[] content, int startIndex, int count, CancellationToken cancellationToken) => _mail.Restart();

    protected override void OnMultipartPreambleRead(byte[] content, int startIndex, int count, CancellationToken cancellationToken) => _mail.Restart();

    protected override void OnMultipartEpilogueRead(byte[] content, int startIndex, int count, CancellationToken cancellationToken) => _mail.Restart();

    private void Count(ref int counter, int limit)
    {
        _mail.Restart();
        if (++counter > limit) throw new TooComplexException();
    }

    // What is read while nothing happens is one field.
    private sealed class MeteredStream(Stream inner) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public void Restart() => _read = 0;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_read > MaxField) throw new TooComplexException();
            int read = inner.Read(buffer, offset, count);
            _read += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }

    // The reader offers no other way to stop; it never leaves this class.
    private sealed class TooComplexException : Exception;
}
