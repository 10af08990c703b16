using System.Security.Cryptography;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>Hashes a body in canonical form while it streams past (RFC 6376 §3.4.3 and §3.4.4), up to the length a signature names. Holds a count of line ends, never lines.</summary>
internal sealed class BodyHash(Canonicalization canonicalization, long? limit) : IDisposable
{
    private const int BufferBytes = 4096;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private long _lineEnds;
    private bool _afterCr;
    private bool _space;

    /// <summary>The length of the whole canonical body, beyond any limit.</summary>
    public long Length { get; private set; }

    /// <summary>Takes the next piece, its lines ending in CRLF.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        foreach (byte b in piece)
        {
            if (_afterCr)
            {
                _afterCr = false;
                if (b == '\n')
                {
                    // White space before a line end goes (relaxed), and line ends wait: at the end of the body they count for nothing.
                    _space = false;
                    _lineEnds++;
                    continue;
                }

                Emit((byte)'\r');
            }

            switch (b)
            {
                case (byte)'\r': _afterCr = true; break;
                case (byte)' ' or (byte)'\t' when canonicalization == Canonicalization.Relaxed: _space = true; break;
                default: Emit(b); break;
            }
        }
    }

    /// <summary>Ends the body and gives its hash. Once only.</summary>
    public byte[] Finish()
    {
        if (_afterCr) Emit((byte)'\r');
        // Simple: an empty body is one line end. Both: what has no line end at its end is given one, all but one of several go.
        bool empty = Length == 0;
        _lineEnds = 0;
        if (!empty || canonicalization == Canonicalization.Simple)
        {
            Put((byte)'\r');
            Put((byte)'\n');
        }

        Flush();
        return _hash.GetHashAndReset();
    }

    public void Dispose() => _hash.Dispose();

    private void Emit(byte b)
    {
        for (; _lineEnds > 0; _lineEnds--)
        {
            Put((byte)'\r');
            Put((byte)'\n');
        }

        if (_space)
        {
            _space = false;
            Put((byte)' ');
        }

        Put(b);
    }

    private void Put(byte b)
    {
        if (Length++ >= limit) return;
        if (_buffered == BufferBytes) Flush();
        _buffer[_buffered++] = b;
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _buffered);
        _buffered = 0;
    }
}
