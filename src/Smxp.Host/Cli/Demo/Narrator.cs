using System.Text.Encodings.Web;
using System.Text.Json;

namespace Smxp.Host.Cli.Demo;

/// <summary>Says what each step of the demo does and what was seen, in words or, with JSON, a line a step; a step that does not end in time ends the story.</summary>
internal sealed class Narrator(TextWriter output, bool json)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(20);

    private int _step;

    /// <summary>Runs one step.</summary>
    /// <param name="what">What is tried.</param>
    /// <param name="step">Tries it; answers what was seen beside the result.</param>
    /// <param name="cancellationToken">Ends the story.</param>
    /// <exception cref="StepFailedException">It was not seen.</exception>
    public async Task<T> StepAsync<T>(string what, Func<CancellationToken, Task<(T Result, string Seen)>> step, CancellationToken cancellationToken)
    {
        _step++;
        if (!json) await output.WriteLineAsync($"{_step}. {what}");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StepTime);
        try
        {
            var (result, seen) = await step(deadline.Token);
            if (json) await output.WriteLineAsync(JsonSerializer.Serialize(new { step = _step, what, seen }, Json));
            else foreach (string line in seen.Split('\n')) await output.WriteLineAsync($"   {line}");
            return result;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StepFailedException(_step, $"not seen within {StepTime.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is not (OperationCanceledException or StepFailedException))
        {
            throw new StepFailedException(_step, e.Message);
        }
    }

    public Task SayAsync(string line) => output.WriteLineAsync(json ? JsonSerializer.Serialize(new { said = line }, Json) : line);
}

/// <summary>A step of the demo was not seen.</summary>
internal sealed class StepFailedException(int step, string why) : Exception($"Step {step} failed: {why}");
