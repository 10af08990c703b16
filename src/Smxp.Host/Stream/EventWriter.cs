using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Smxp.Host.Mail.Rows;
using Smxp.Plugins.Storage;

namespace Smxp.Host.Stream;

/// <summary>Writes entries as Server-Sent Events (SMXP §9), and drops a reader that does not keep up rather than keep its mail in memory.</summary>
internal sealed class EventWriter(HttpContext context, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Flushed when this much is written: the pipe under it holds no more than a little of what a slow reader has not taken.
    private const int FlushAt = 32 * 1024;

    private readonly PipeWriter _output = context.Response.BodyWriter;

    /// <summary>Writes a page. False where the reader is gone or was dropped.</summary>
    public async ValueTask<bool> WriteAsync(IReadOnlyList<MailboxEntry> entries)
    {
        foreach (MailboxEntry entry in entries)
        {
            Write(entry);
            if (_output.UnflushedBytes >= FlushAt && !await FlushAsync()) return false;
        }

        return await FlushAsync();
    }

    public ValueTask<bool> WriteKeepAliveAsync()
    {
        _output.Write(":keepalive\n\n"u8);
        return FlushAsync();
    }

    public async ValueTask<bool> FlushAsync()
    {
        ValueTask<FlushResult> flush = _output.FlushAsync();
        if (!flush.IsCompletedSuccessfully)
        {
            try
            {
                await flush.AsTask().WaitAsync(Patience, time);
            }
            catch (TimeoutException)
            {
                context.Abort();
                return false;
            }
        }

        return !context.RequestAborted.IsCancellationRequested;
    }

    private void Write(MailboxEntry entry)
    {
        _output.Write("id: "u8);
        Encoding.UTF8.GetBytes(EventId.Of(entry), _output);
        _output.Write("\nevent: "u8);
        Encoding.UTF8.GetBytes(entry.Kind, _output);
        _output.Write("\ndata: "u8);
        using (var json = new Utf8JsonWriter(_output, RowJson.WriterOptions)) MailboxRow.Write(json, entry);
        _output.Write("\n\n"u8);
    }
}
